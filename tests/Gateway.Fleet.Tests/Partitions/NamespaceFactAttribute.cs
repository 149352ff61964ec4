using Gateway.Postgres.Tests.Clusters;

namespace Gateway.Fleet.Tests.Partitions;

/// <summary>A test that makes network namespaces, which takes root's rights and iproute2; and a database.</summary>
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute() =>
        Skip = new ClusterFactAttribute().Skip ?? Requirements.SkipWithout(Namespaces.Missing);
}
