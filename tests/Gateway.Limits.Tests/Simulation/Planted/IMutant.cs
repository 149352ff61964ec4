namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>A counter from which a rule is taken out.</summary>
internal interface IMutant
{
    /// <summary>Takes numbers back that another owner gave out.</summary>
    void Accept(CounterPermit part, Amount amount, long nowMs, CounterEffects effects);
}
