using ModelContextProtocol;

namespace Gateway.Server.Tests.Features.CSharp;

/// <summary>A connected client, with what the scenarios do again and again.</summary>
internal sealed record CSharpPeer(
    McpClient Client, SeenLines Seen, bool IsStateless, CancellationToken Deadline)
{
    public void Say(string line) => Seen.Say(line);

    public async Task CallAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await Client.CallToolAsync(
            tool, arguments.ToDictionary(it => it.Name, it => it.Value), cancellationToken: Deadline);
        Say($"{tool}: {(result.IsError == true ? "error: " : "")}{Read(result)}");
    }

    public async Task TryAsync(string what, Func<Task> run)
    {
        try
        {
            await run();
            Say($"{what}: done");
        }
        catch (McpProtocolException e)
        {
            var rule = e.Data["rule"] is { } named ? $" by {named}" : "";
            Say($"{what}: refused with {(int)e.ErrorCode}{rule}");
        }
    }

    public static string Read(CallToolResult result) => string.Join(' ', result.Content.Select(
        block => block is TextContentBlock text ? text.Text : block.Type));
}
