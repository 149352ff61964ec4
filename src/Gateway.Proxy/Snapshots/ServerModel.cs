using System.Collections.Immutable;

namespace Gateway.Proxy.Snapshots;

/// <summary>A registered server as the pipeline sees it.</summary>
internal sealed record ServerModel(string Name, Uri Url, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    public bool Equals(ServerModel? other) =>
        other is not null && Name == other.Name && Url == other.Url && Headers.SequenceEqual(other.Headers);

    public override int GetHashCode() => HashCode.Combine(Name, Url);
}
