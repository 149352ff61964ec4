using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Orleans.Client;

/// <summary>Options for a frontend's requests to the counters.</summary>
public sealed record ClusterEngineOptions
{
    /// <summary>
    /// Maximum duration of a request when no owner can be reached, including retries; 2 s by default. A request that
    /// was sent and has no reply within one second is denied at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Maximum messages under way to one counter, and to one silo's batch grain; further requests are collected. 4 by
    /// default.
    /// </summary>
    [Range(1, 64)]
    public int MessagesMax { get; init; } = 4;

    /// <summary>Maximum requests in one message to a counter; 256 by default.</summary>
    [Range(1, 65_536)]
    public int QuestionsMax { get; init; } = 256;

    /// <summary>Maximum requests, of 80 bytes each, in one message to a silo's batch grain; 4,096 by default.</summary>
    [Range(1, 65_536)]
    public int BatchQuestionsMax { get; init; } = 4096;

    /// <summary>
    /// Maximum committed calls that wait to be reported to one counter; further ones are not reported and stay counted.
    /// </summary>
    [Range(1, 1 << 20)]
    public int CommittedMax { get; init; } = 4096;

    /// <summary>
    /// Maximum committed calls that wait to be reported to one silo's batch grain; further ones are not reported and
    /// stay counted.
    /// </summary>
    [Range(1, 1 << 24)]
    public int BatchCommittedMax { get; init; } = 65_536;

    /// <summary>Maximum number of cached final refusals; 65,536 by default.</summary>
    [Range(0, 1 << 24)]
    public int RefusalsMax { get; init; } = 65_536;

    /// <summary>
    /// Bounds on the counters that this frontend uses at the same time. Each has a connection until it was unused for
    /// two minutes, or for one second at the bound. A further counter is refused, with the reason.
    /// </summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>
    /// True to add a dead band of <see cref="Gateway.Limits.Model.ClockBounds.EpsilonMs"/> at each edge of a window, in
    /// which calls wait.
    /// </summary>
    public bool StrictWindows { get; init; }
}
