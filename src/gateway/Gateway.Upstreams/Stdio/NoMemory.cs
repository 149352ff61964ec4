namespace Gateway.Upstreams.Stdio;

/// <summary>Why what a program said was not taken: a fault of nobody but whoever holds the memory.</summary>
internal static class NoMemory
{
    public static UpstreamException ForProgram() => new(
        UpstreamFailure.NoMemory, true, "the gateway had no memory for what its program said.", null);
}
