namespace Gateway.Orleans.Tests.Batching;

/// <summary>
/// Makes a silo answer as one of an older release: has no batch grain, and takes a sliding limit, and places of calls
/// in flight, for another kind.
/// </summary>
internal sealed class OlderSilo(Func<IGrainFactory> grains) : IIncomingGrainCallFilter
{
    /// <summary>What it takes them for; one that it does not know cannot be read.</summary>
    public string TakenFor { get; set; } = "fixed";

    /// <summary>Whether it is of this release after all, but for its batch grain.</summary>
    public bool KnowsAll { get; set; }

    /// <summary>What it refuses with, in place of its reason; null for its own.</summary>
    public RefusalKind? Refusal { get; set; }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType == typeof(ICounterBatchGrain))
            throw new ArgumentException("An older silo knows no batch grain.");
        var key = context.TargetId.Key.ToString()!;
        var taken = key.Replace("/sliding/", $"/{TakenFor}/", StringComparison.Ordinal)
            .Replace("/in_flight/", $"/{TakenFor}/", StringComparison.Ordinal);
        var isOther = context.InterfaceMethod.DeclaringType == typeof(ICounterGrain) && taken != key && !KnowsAll;
        if (isOther && context.Request.GetArgument(0) is CounterMessage message)
        {
            context.Result = await grains().GetGrain<ICounterGrain>(taken).AskAsync(message);
            return;
        }

        await context.Invoke();
        if (context.Result is not CounterAnswers answers) return;
        context.Result = answers with
        {
            BatchGrain = null,
            Items = [.. answers.Items.Select(one => one with { Refusal = Refusal ?? one.Refusal })],
        };
    }
}
