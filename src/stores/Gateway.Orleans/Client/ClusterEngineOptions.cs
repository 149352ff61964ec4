using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Client;

/// <summary>How a frontend asks the counters.</summary>
public sealed record ClusterEngineOptions
{
    /// <summary>
    /// How long a question may take when no owner can be reached, repeated attempts included; 2 s by default. One that
    /// was sent and not answered within a second is denied at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Messages under way to one counter, and to one silo's desk; beyond that, questions gather. 4 by default.
    /// </summary>
    [Range(1, 64)]
    public int MessagesMax { get; init; } = 4;

    /// <summary>Questions in one message to a counter; 256 by default.</summary>
    [Range(1, 65_536)]
    public int QuestionsMax { get; init; } = 256;

    /// <summary>Questions in one message to a silo's desk, of 80 bytes each; 4,096 by default.</summary>
    [Range(1, 65_536)]
    public int DeskQuestionsMax { get; init; } = 4096;

    /// <summary>Ended calls that wait to be told to one counter; more are not told, and stay counted.</summary>
    [Range(1, 1 << 20)]
    public int SettledMax { get; init; } = 4096;

    /// <summary>Ended calls that wait to be told to one silo's desk; more are not told, and stay counted.</summary>
    [Range(1, 1 << 24)]
    public int DeskSettledMax { get; init; } = 65_536;

    /// <summary>Final refusals that are remembered; 65,536 by default.</summary>
    [Range(0, 1 << 24)]
    public int RefusalsMax { get; init; } = 65_536;

    /// <summary>
    /// Counters that this frontend asks at a time, which take a line each until nobody has asked for two minutes, or
    /// for a second at the bound; one more is refused, with the reason.
    /// </summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>
    /// A dead band of <see cref="Gateway.Limits.Model.ClockBounds.EpsilonMs"/> at each edge of a window, in which
    /// calls wait.
    /// </summary>
    public bool StrictWindows { get; init; }
}
