namespace Gateway.Cluster.Tests.Fleets;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gateway-fleet-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
