using System.Text.Json;
using Gateway.Policy.Recording;

namespace Gateway.Admin.Records;

/// <summary>Matching records, the newest first.</summary>
/// <param name="Items">The records as they are in the log.</param>
/// <param name="Next">The <c>cursor</c> of the next page; absent if nothing older can match.</param>
/// <param name="Frontend">The gateway whose log was searched.</param>
internal sealed record RecordPageView(IReadOnlyList<JsonElement> Items, string? Next, string Frontend)
{
    /// <summary>
    /// The recorded arguments of these calls and requests for approval, by their ids; absent if there are none that the
    /// caller may read.
    /// </summary>
    public IReadOnlyDictionary<string, ArgumentsView>? Arguments { get; init; }

    /// <summary>The time back to which the log was read for this page; absent if it is empty.</summary>
    public DateTimeOffset? Reached { get; init; }

    /// <summary>
    /// The time back to which recorded values of arguments were searched; absent if all were, or none had to be.
    /// </summary>
    public DateTimeOffset? ValuesReached { get; init; }

    /// <summary>True if other gateways may share the store; they have logs of their own.</summary>
    public bool Others { get; init; }

    /// <summary>
    /// The sink with the records of all gateways, for requests with <c>of=shared</c>; absent if there is none.
    /// </summary>
    public string? Shared { get; init; }
}

/// <summary>One call with everything that is recorded about it.</summary>
/// <param name="CallId">The id of the call.</param>
/// <param name="Records">
/// The records of the call and of its requests for approval, in the order of their times. A call that needed approval
/// and its retry have one request in common, so the records include both.
/// </param>
/// <param name="Frontend">The gateway whose log has them.</param>
internal sealed record CallView(string CallId, IReadOnlyList<JsonElement> Records, string Frontend)
{
    /// <summary>The time in seconds for which this gateway keeps recorded arguments.</summary>
    public required long ArgumentsKeptSeconds { get; init; }

    /// <inheritdoc cref="RecordPageView.Arguments"/>
    public IReadOnlyDictionary<string, ArgumentsView>? Arguments { get; init; }

    /// <inheritdoc cref="RecordPageView.Others"/>
    public bool Others { get; init; }

    /// <inheritdoc cref="RecordPageView.Shared"/>
    public string? Shared { get; init; }
}

/// <summary>Recorded arguments of a call.</summary>
/// <param name="Values">The arguments; null replaces a value that was not recorded.</param>
/// <param name="IsComplete">True if every value was recorded.</param>
internal sealed record ArgumentsView(JsonElement Values, bool IsComplete)
{
    public static ArgumentsView Of(RecordedArguments arguments) =>
        new(JsonElement.Parse(arguments.Json.Span), arguments.IsComplete);
}
