namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>
/// What a server asks of its client: by a request of its own, from 2026-07-28 by an answer that requires input.
/// </summary>
internal static class AskingScenarios
{
    private const string Input = "test_input_required_result_";

    public static Task SamplingAsync(CSharpPeer peer) => peer.CallAsync(
        peer.IsStateless ? Input + "sampling" : "test_sampling", ("prompt", "What is the capital of France?"));

    public static async Task ElicitationAsync(CSharpPeer peer)
    {
        if (peer.IsStateless)
        {
            await peer.CallAsync(Input + "elicitation");
            return;
        }

        await peer.CallAsync("test_elicitation", ("message", "Who are you?"));
        await peer.CallAsync("test_elicitation", ("message", "Will you decline?"));
    }

    public static async Task ApprovalAsync(CSharpPeer peer)
    {
        await peer.CallAsync("test_simple_text");
        if (!peer.IsStateless)
            await peer.Seen.SayAllAsync(1, peer.Deadline);
    }

    public static Task RootsAsync(CSharpPeer peer) =>
        peer.CallAsync(peer.IsStateless ? Input + "list_roots" : "feature_roots");

    public static async Task InputsAsync(CSharpPeer peer)
    {
        foreach (var tool in new[] { "request_state", "multiple_inputs", "multi_round" })
            await peer.CallAsync(Input + tool);
        var got = await peer.Client.GetPromptAsync(Input + "prompt", cancellationToken: peer.Deadline);
        peer.Say(((TextContentBlock)got.Messages[0].Content).Text);
    }
}
