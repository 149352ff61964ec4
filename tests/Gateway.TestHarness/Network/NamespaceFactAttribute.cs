using Gateway.TestHarness.Postgres;

namespace Gateway.TestHarness.Network;

/// <summary>A test that creates network namespaces, which needs root privileges and iproute2, and a database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() =>
        Skip = new ClusterFactAttribute().Skip ?? Requirements.SkipWithout(Namespaces.Missing);
}

/// <summary>A test that creates network namespaces, which needs root privileges and iproute2.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    public NetworkFactAttribute() => Skip = Requirements.SkipWithout(Namespaces.Missing);
}
