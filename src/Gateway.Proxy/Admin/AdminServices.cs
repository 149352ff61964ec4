using Gateway.Proxy.Admin.Approvals;
using Gateway.Proxy.Admin.Changes;
using Gateway.Proxy.Admin.Counters;
using Gateway.Proxy.Admin.Grants;
using Gateway.Proxy.Admin.Pausing;
using Gateway.Proxy.Admin.Policies;
using Gateway.Proxy.Admin.Records;
using Gateway.Proxy.Admin.Servers;
using Gateway.Proxy.Catalogue;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Admin;

internal static class AdminServices
{
    public static void AddAdminApi(this IServiceCollection services)
    {
        services.AddSingleton<AdminDoor>();
        services.AddSingleton<AdminMetrics>();
        services.AddSingleton<KeyGuesses>();
        services.AddSingleton<AdminApi>();
        services.AddSingleton<ControlChanges>();
        services.AddSingleton<GrantViews>();
        services.AddSingleton<ToolCatalogue>();
        services.AddSingleton<GrantWriter>();
        services.AddSingleton<GrantRotation>();
        services.AddSingleton<PauseChanges>();
        services.AddSingleton<PauseRoutes>();
        services.AddSingleton<ServerRoutes>();
        services.AddSingleton<PolicyRoutes>();
        services.AddSingleton<GrantRoutes>();
        services.AddSingleton<CounterRoutes>();
        services.AddSingleton<ApprovalRoutes>();
        services.AddSingleton<StatusReport>();
        services.AddSingleton<RecordRoutes>();
        services.AddSingleton<AuditRoutes>();
        services.AddSingleton<ReloadRoutes>();
    }
}
