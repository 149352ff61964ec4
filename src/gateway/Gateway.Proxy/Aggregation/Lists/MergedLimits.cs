using System.Runtime.InteropServices;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Sessions;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>
/// The combined <c>gateway://limits</c> of several servers, with one part for each server whose policy shows it.
/// </summary>
internal sealed class MergedLimits(InnerCalls calls)
{
    public async Task AnswerAsync(AggregateRequest request)
    {
        var answers = await Task.WhenAll(
            request.Servers.Select(server => calls.AskAsync(request, server, request.Message.Body)));
        var there = answers.Where(static answer => answer.Why is null).ToList();
        if (there.Count == 0)
        {
            await MergedAnswer.NoneAsync(request, answers);
            return;
        }

        var missing = answers.Where(static answer => answer is { Why: not null, IsAnswered: false }).ToList();
        await MergedAnswer.WriteAsync(request, missing, json =>
        {
            MergedAnswer.WriteCaching(json, request, there, isWhole: false);
            json.WriteStartArray("contents"u8);
            foreach (var answer in there)
            {
                foreach (var content in answer.Result.GetProperty("contents").EnumerateArray())
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(content), skipInputValidation: true);
            }

            json.WriteEndArray();
        });
    }
}
