namespace Gateway.Limits.Tests.Simulation;

/// <summary>The owners of a world, as its frontends see them.</summary>
/// <typeparam name="TOwner">One of them.</typeparam>
internal interface ISimulatedOwners<TOwner>
    where TOwner : ISimulatedOwner
{
    /// <summary>Where answers go.</summary>
    Action<TOwner, CounterKey, AnsweredCall>? OnAnswer { get; set; }

    TOwner Any();

    void Acquire(TOwner owner, CounterKey key, CounterRequest ask);

    /// <summary>A call gives numbers back, or gives up while it still waits.</summary>
    void Release(TOwner issuer, CallId id, CounterPermit? sent, CounterKey key, Amount amount);

    /// <summary>A call was refused from memory: what is taken leaves no room.</summary>
    void CheckRefusal(CounterCost cost, CounterRefusal refusal);

    /// <summary>An answer has arrived.</summary>
    void Hear(CounterKey key, AnsweredCall answer)
    {
    }
}
