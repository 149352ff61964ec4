using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Servers;

/// <summary>A server as a body of this API says it.</summary>
internal static class ServerBody
{
    private static readonly ProblemPlace Place = new("error", "/command", ServerConfig.ProgramRefusal);

    /// <summary>The server, or the answer to a body that is none; never one that the gateway would start.</summary>
    /// <remarks>Whoever could register a program here could run anything as the gateway.</remarks>
    public static async Task<(ServerInput? Input, AdminResponse? Problem)> ReadAsync(AdminCall call)
    {
        var (body, unread) = await call.ReadAsync();
        if (body is null)
            return (null, unread);
        return IsProgram(body)
            ? (null, Problems.Invalid(ServerConfig.ProgramRefusal, [Place]))
            : AdminCall.Parse(body, ServerJson.Default.ServerInput);
    }

    private static bool IsProgram(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("command", out _);
        }
        catch (JsonException)
        {
            return false; // Whoever reads it next says what is wrong with it.
        }
    }
}
