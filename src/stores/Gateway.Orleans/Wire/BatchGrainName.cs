namespace Gateway.Orleans.Wire;

/// <summary>
/// The key of a silo's batch grain: the silo's address including its generation, so that each run of a silo has its
/// own.
/// </summary>
internal static class BatchGrainName
{
    public static string Of(SiloAddress silo) => silo.ToParsableString();
}
