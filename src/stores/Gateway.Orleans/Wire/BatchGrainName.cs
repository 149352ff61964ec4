namespace Gateway.Orleans.Wire;

/// <summary>
/// The key of a silo's desk: the silo's address with its generation, so each run of a silo has its own.
/// </summary>
internal static class BatchGrainName
{
    public static string Of(SiloAddress silo) => silo.ToParsableString();
}
