using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Channels;

/// <summary>
/// A button that a person pressed, as Slack posts it: a form whose <c>payload</c> is JSON of the type
/// <c>block_actions</c>. Source: Slack's "Interaction payloads".
/// </summary>
/// <param name="Person">The person: <c>TEAM/USER</c>.</param>
/// <param name="Action">The button.</param>
/// <param name="Approval">The request that its message is about.</param>
/// <param name="ReplyTo">The address for a text to the person; null if Slack gave none.</param>
internal sealed record SlackPress(string Person, string Action, string Approval, Uri? ReplyTo)
{
    /// <summary>Reads a request; null if it is not a pressed button.</summary>
    public static SlackPress? Read(byte[] body)
    {
        try
        {
            var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body));
            using var json = JsonDocument.Parse(form.TryGetValue("payload", out var payload) ? payload.ToString() : "");
            var root = json.RootElement;
            if (Text(root, "type") != "block_actions" || !root.TryGetProperty("user", out var user)
                || !root.TryGetProperty("actions", out var actions) || actions.ValueKind != JsonValueKind.Array
                || actions.GetArrayLength() == 0)
                return null;
            var team = Text(user, "team_id") ?? (root.TryGetProperty("team", out var whole) ? Text(whole, "id") : null);
            return team is not null && Text(user, "id") is { } person && Text(actions[0], "action_id") is { } action
                ? new SlackPress(
                    $"{team}/{person}", action, Text(actions[0], "value") ?? "",
                    Uri.TryCreate(Text(root, "response_url"), UriKind.Absolute, out var address) ? address : null)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
