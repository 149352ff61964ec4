namespace Gateway.Orleans.Tests.Batching;

/// <summary>
/// Makes a silo answer as one of an older release: it has no desk, and takes a sliding limit for a fixed one.
/// </summary>
internal sealed class OlderSilo(Func<IGrainFactory> grains) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType == typeof(ICounterBatchGrain))
            throw new ArgumentException("An older silo knows no desk.");
        var key = context.TargetId.Key.ToString()!;
        var isSliding = context.InterfaceMethod.DeclaringType == typeof(ICounterGrain)
            && key.Contains("/sliding/", StringComparison.Ordinal);
        if (isSliding && context.Request.GetArgument(0) is CounterMessage message)
        {
            var name = key.Replace("/sliding/", "/fixed/", StringComparison.Ordinal);
            context.Result = await grains().GetGrain<ICounterGrain>(name).AskAsync(message);
            return;
        }

        await context.Invoke();
        if (context.Result is CounterAnswers answers) context.Result = answers with { Desk = null };
    }
}
