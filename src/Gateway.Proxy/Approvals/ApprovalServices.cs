using Gateway.Proxy.Approvals.Holding;
using Gateway.Proxy.Control;
using Gateway.Proxy.Tickets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Proxy.Approvals;

internal static class ApprovalServices
{
    /// <summary>Registers what asks, what answers, what retries and what sweeps; over the control store.</summary>
    public static void AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<CurrentDocuments>();
        services.AddSingleton<ApprovalBook>();
        services.AddSingleton<ApprovalRecord>();
        services.AddSingleton<HeldCalls>();
        services.AddSingleton<ApprovalGate>();
        services.AddSingleton<ApprovalDesk>();
        services.AddSingleton<TicketBook>();
        services.AddSingleton<ApprovalSweep>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ApprovalSweep>());
    }
}
