// Browsers ask for it beside documents that have no head, such as llms.txt.
import { redirect } from 'react-router';
import mark from '../mark.svg';

export const loader = () => redirect(mark, 301);
