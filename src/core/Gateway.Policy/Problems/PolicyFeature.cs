namespace Gateway.Policy.Problems;

/// <summary>Parts of the format that a release may not have yet: what is not there is refused at load.</summary>
[Flags]
public enum PolicyFeature
{
    None = 0,
    Conditions = 1 << 0,
    Arguments = 1 << 1,
    Approval = 1 << 2,
    Shadow = 1 << 3,
    IncrementFrom = 1 << 4,
    RefundOnError = 1 << 5,
    WindowKinds = 1 << 6,
    ByValue = 1 << 7,
    Results = 1 << 12,
}
