using Gateway.Proxy.Calls;
using Gateway.Proxy.Candidates;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Shadow;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>The list of a call's stages: the one place that knows them all.</summary>
internal static class CallStages
{
    /// <summary>Registers the pipeline with its stages in their order.</summary>
    public static IServiceCollection AddCallPipeline(this IServiceCollection services) => services
        .AddSingleton<ICallStage, PolicyStage>()
        .AddSingleton<ICallStage, RetryTokenStage>()
        .AddSingleton<ICallStage, ApprovalStage>()
        .AddSingleton<ICallStage, LimitStage>()
        .AddSingleton<ICallStage, AuditStage>()
        .AddSingleton<ICallStage, ForwardStage>()
        .AddSingleton<ICallStage, RelayStage>()
        .AddSingleton<ICallStage, FinishStage>()
        .AddSingleton<PolicyQuestion>()
        .AddSingleton<ShadowLimits>()
        .AddSingleton<OwnLimits>()
        .AddSingleton<InFlightCalls>()
        .AddSingleton<CandidateJudge>()
        .AddSingleton<DecisionRecorder>()
        .AddSingleton<CallPipeline>()
        .AddSingleton<CallRunner>();
}
