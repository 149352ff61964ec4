using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Control.ConfigFile;

namespace Gateway.Admin.Servers;

/// <summary>A server of the configuration file's other kind, which this API does not take.</summary>
internal static class ProgramInput
{
    private static readonly ProblemPlace Place = new("error", "/command", ServerConfig.ProgramRefusal);

    /// <summary>The way out, where the body is meant to register a program; null where it is not.</summary>
    public static AdminResponse? Check(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("command", out _)
                ? Problems.Invalid(ServerConfig.ProgramRefusal, [Place])
                : null;
        }
        catch (JsonException)
        {
            return null; // Whoever reads it next says what is wrong with it.
        }
    }
}
