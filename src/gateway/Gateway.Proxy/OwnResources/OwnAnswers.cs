using Gateway.Proxy.Calls;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.OwnResources;

/// <summary>The responses of the gateway itself, which no server receives a request for.</summary>
internal sealed class OwnAnswers(OwnLimits limits, ApprovalTasks tasks)
{
    /// <summary>Returns true if the gateway itself handles the message.</summary>
    public static bool Answers(CallContext call) => OwnLimits.Answers(call.Message)
        || call.Tasks is { Own: not null } || UrlElicitation.IsAnswer(call.Message);

    /// <summary>Writes the response to a request and returns its length in bytes.</summary>
    public ValueTask<int> AnswerAsync(CallContext call, long nowMs) => call.Tasks?.Own is { } task
        ? tasks.AnswerAsync(call, task) : limits.AnswerAsync(call, nowMs);
}
