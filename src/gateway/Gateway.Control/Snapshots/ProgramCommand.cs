using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Control.Snapshots;

/// <summary>The program of a server; two are equal if everything that they are given is.</summary>
public sealed record ProgramCommand(
    string Program,
    ImmutableArray<string> Arguments,
    ImmutableArray<KeyValuePair<string, string>> Environment,
    string? WorkingDirectory)
{
    /// <summary>The user that runs it; null for the gateway's own user.</summary>
    public ProgramUser? User { get; init; }

    /// <summary>The limits that the system enforces on each of its children.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>The maximum number of children at once.</summary>
    public int ChildrenMax { get; init; } = ServerFile.ChildrenDefault;

    /// <summary>The time for which an idle child is kept.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(ServerFile.IdleSecondsDefault);

    /// <summary>Returns true if both would start the same program in the same way.</summary>
    public bool Equals(ProgramCommand? other) =>
        other is not null && Program == other.Program && WorkingDirectory == other.WorkingDirectory
        && User == other.User && Limits == other.Limits && ChildrenMax == other.ChildrenMax && IdleMax == other.IdleMax
        && Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Program, Arguments.Length, WorkingDirectory);
}
