using Gateway.Approvals.Requests;
using Gateway.Control.Documents;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting.Composition;

internal static class ApprovalServices
{
    /// <summary>Registers what asks, what answers, what retries and what sweeps; over the control store.</summary>
    public static void AddApprovals(this IServiceCollection services)
    {
        services.AddSingleton<DocumentCache>();
        services.AddSingleton<ApprovalRepository>();
        services.AddSingleton<ApprovalRecord>();
        services.AddSingleton<WaitingCalls>();
        services.AddSingleton<ApprovalRequester>();
        services.AddSingleton<ApprovalService>();
        services.AddSingleton<RetryTokenStore>();
        services.AddSingleton<ApprovalExpirer>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ApprovalExpirer>());
    }
}
