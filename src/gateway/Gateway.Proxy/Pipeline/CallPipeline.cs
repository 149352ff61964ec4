using Gateway.Audit.Records;
using Gateway.Control.Options;
using Gateway.Limits.Model;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Refusals;

namespace Gateway.Proxy.Pipeline;

/// <summary>Takes one call through its stages. What a call that is refused still holds is given back first.</summary>
internal sealed class CallPipeline
{
    private readonly ICallStage[] _stages;
    private readonly DecisionRecorder _recorder;
    private readonly int _attemptsMax;

    /// <param name="stages">Every stage, in the order of their numbers.</param>
    /// <param name="recorder">Puts refusals on record.</param>
    /// <param name="options">How often a call may go back.</param>
    /// <exception cref="ArgumentException">A stage is missing, or not in its place.</exception>
    public CallPipeline(IEnumerable<ICallStage> stages, DecisionRecorder recorder, GatewayOptions options)
    {
        (_stages, _recorder, _attemptsMax) = ([.. stages], recorder, options.PermitAttemptsMax);
        if (!_stages.Select(static stage => stage.Number).SequenceEqual(Enum.GetValues<StageNumber>()))
            throw new ArgumentException("Every stage of a call stands in its place, once.", nameof(stages));
    }

    /// <summary>Runs the call to its answer.</summary>
    public async Task RunAsync(CallContext call)
    {
        var (asked, acquired) = (1, 1);
        for (var next = 0; next < _stages.Length;)
        {
            var result = await _stages[next].RunAsync(call);
            if (result.Back is { } back
                && (back == StageNumber.Approval ? asked++ : acquired++) < _attemptsMax)
                next = back - StageNumber.Policy;
            else if (result.Refusal is { } refusal)
            {
                await RefuseAsync(call, refusal, result.Limit);
                break;
            }
            else if (result.IsDone)
                break;
            else
                next++;
        }

        if (call.Stream is { } stream)
            await stream.EndAsync();
    }

    private async ValueTask RefuseAsync(CallContext call, Refusal refusal, LimitRefusal? limit)
    {
        if (call.Permits is { } held)
            await held.GiveBackAsync();
        await call.ReleasePlacesAsync();
        await RefusalWriter.WriteAsync(call, await _recorder.RefusedAsync(call, refusal), limit);
    }
}
