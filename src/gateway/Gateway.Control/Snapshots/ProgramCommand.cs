using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Control.Snapshots;

/// <summary>The program that a server is; two are the same where all that it is given is.</summary>
public sealed record ProgramCommand(
    string Program,
    ImmutableArray<string> Arguments,
    ImmutableArray<KeyValuePair<string, string>> Environment,
    string? WorkingDirectory)
{
    /// <summary>Whom it runs as; null: the gateway's own user.</summary>
    public ProgramUser? User { get; init; }

    /// <summary>What the system lets each of its children take.</summary>
    public ProgramLimits Limits { get; init; } = ProgramLimits.None;

    /// <summary>The most children at once.</summary>
    public int ChildrenMax { get; init; } = ServerFile.ChildrenDefault;

    /// <summary>How long a child stays that nobody uses.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromSeconds(ServerFile.IdleSecondsDefault);

    /// <summary>Whether both would start the same program in the same way.</summary>
    public bool Equals(ProgramCommand? other) =>
        other is not null && Program == other.Program && WorkingDirectory == other.WorkingDirectory
        && User == other.User && Limits == other.Limits && ChildrenMax == other.ChildrenMax && IdleMax == other.IdleMax
        && Arguments.SequenceEqual(other.Arguments) && Environment.SequenceEqual(other.Environment);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Program, Arguments.Length, WorkingDirectory);
}
