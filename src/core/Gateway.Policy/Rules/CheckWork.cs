using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>What the checks of one call may cost: those in shadow apart, since they never refuse.</summary>
internal sealed class CheckWork
{
    private readonly WorkBudget _enforced = new();
    private WorkBudget? _shadow;

    public WorkBudget Of(CallCheck check) => check.IsShadow ? _shadow ??= new WorkBudget() : _enforced;
}
