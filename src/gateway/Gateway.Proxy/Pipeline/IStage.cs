namespace Gateway.Proxy.Pipeline;

/// <summary>
/// One step of a message through the gateway. Its types fix its place: it takes the output of the previous one.
/// </summary>
internal interface IStage<in TInput, TOutput>
{
    /// <summary>Runs the stage. An <see cref="OperationCanceledException"/> passes if the agent has left.</summary>
    ValueTask<StageResult<TOutput>> RunAsync(TInput input);
}
