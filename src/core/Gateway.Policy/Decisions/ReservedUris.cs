namespace Gateway.Policy.Decisions;

/// <summary>URIs of the gateway's own resources, which no server has.</summary>
public static class ReservedUris
{
    /// <summary>The usage of the requesting grant's limits.</summary>
    public const string Limits = "gateway://limits";
}
