import { index, layout, type RouteConfig } from '@react-router/dev/routes';

export default [
  layout('portal/layout.tsx', [
    index('portal/home.tsx'),
  ]),
] satisfies RouteConfig;
