namespace Gateway.Admin.Live;

/// <summary>A gateway whose decisions are shown, or should be.</summary>
/// <param name="Name">The name, unique in the list.</param>
/// <param name="State"><c>present</c>, or <c>missing</c>: it was killed, or is cut off from the store.</param>
/// <param name="Since">The time at which a missing one was last seen.</param>
internal sealed record LiveFrontend(string Name, string State, DateTimeOffset? Since)
{
    public const string Present = "present";
    public const string Missing = "missing";
}
