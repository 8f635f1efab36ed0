/** The width of every portal page: header, page and footer share their edges. */
export const pageWidth = 'mx-auto w-full max-w-[84rem] px-4 sm:px-6 lg:px-8';
