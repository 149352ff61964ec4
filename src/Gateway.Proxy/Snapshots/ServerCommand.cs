using System.Collections.Immutable;

namespace Gateway.Proxy.Snapshots;

/// <summary>The program that a server is; two are the same where all that it is given is.</summary>
internal sealed record ServerCommand(
    string Program,
    ImmutableArray<string> Arguments,
    ImmutableArray<KeyValuePair<string, string>> Environment,
    string? WorkingDirectory)
{
    public bool Equals(ServerCommand? other) =>
        other is not null && Program == other.Program && WorkingDirectory == other.WorkingDirectory
        && Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment);

    public override int GetHashCode() => HashCode.Combine(Program, Arguments.Length, WorkingDirectory);
}
