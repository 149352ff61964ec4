namespace Gateway.Policy.Decisions;

/// <summary>URIs of resources that the gateway answers for itself; no server has them.</summary>
public static class ReservedUris
{
    /// <summary>How far the limits of the asking grant are used.</summary>
    public const string Limits = "gateway://limits";
}
