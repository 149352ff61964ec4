using Gateway.Proxy.Calls;
using Gateway.Proxy.Candidates;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Shadow;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>The registration of the stages of a call, each under the types that fix its place.</summary>
internal static class CallStages
{
    /// <summary>Registers the pipeline and its stages.</summary>
    public static IServiceCollection AddCallPipeline(this IServiceCollection services) => services
        .AddSingleton<IStage<CallContext, DecidedCall>, PolicyStage>()
        .AddSingleton<IStage<DecidedCall, DecidedCall>, ConnectionStage>()
        .AddSingleton<IStage<DecidedCall, PricedCall>, RetryTokenStage>()
        .AddSingleton<IStage<PricedCall, ApprovedCall>, ApprovalStage>()
        .AddSingleton<IStage<LimitAttempt, AdmittedCall>, LimitStage>()
        .AddSingleton<IStage<AdmittedCall, AuditedCall>, AuditStage>()
        .AddSingleton<IStage<AuditedCall, ForwardedCall>, ForwardStage>()
        .AddSingleton<IStage<ResendableCall, ForwardedCall>, ResendStage>()
        .AddSingleton<IStage<ForwardedCall, RelayedCall>, ScopeStage>()
        .AddSingleton<IStage<RelayedCall, AdmittedCall>, FinishStage>()
        .AddSingleton<RelayStage>()
        .AddSingleton<ConnectionLinks>()
        .AddSingleton<PolicyQuestion>()
        .AddSingleton<ShadowLimits>()
        .AddSingleton<OwnLimits>()
        .AddSingleton<OwnAnswers>()
        .AddSingleton<InFlightCalls>()
        .AddSingleton<CandidateEvaluator>()
        .AddSingleton<DecisionRecorder>()
        .AddSingleton<DecidingStages>()
        .AddSingleton<SendingStages>()
        .AddSingleton<CallPipeline>()
        .AddSingleton<CallRunner>();
}
