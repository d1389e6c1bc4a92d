export function dashboardFiles(): Promise<Record<string, string>>;
export function staleDashboards(): Promise<string[]>;
