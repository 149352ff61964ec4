using Gateway.Proxy.Calls;

namespace Gateway.Proxy.Pipeline;

/// <summary>One step of a call's way. It knows what the call holds by now, and no other stage.</summary>
internal interface ICallStage
{
    /// <summary>Its place.</summary>
    StageNumber Number { get; }

    /// <summary>Does its part; cancellation by the agent's leaving is let through.</summary>
    ValueTask<StageResult> RunAsync(CallContext call);
}
