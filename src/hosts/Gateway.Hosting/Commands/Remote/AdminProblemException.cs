using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>A refusal by the gateway; the message is the gateway's own, with one line for each invalid place.</summary>
internal sealed class AdminProblemException(int status, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>The name that does not exist, as the gateway wrote it; null if the problem is another one.</summary>
    public UnknownName? Unknown { get; private init; }

    /// <summary>Each invalid place, as the gateway reported it.</summary>
    public IReadOnlyList<ProblemPlace> Errors { get; private init; } = [];

    public static AdminProblemException Of(int status, JsonNode? body, Uri gateway, string? key)
    {
        if (Read(body) is not { Detail.Length: > 0 } problem)
        {
            return new AdminProblemException(
                status, $"{gateway} responded with HTTP {status} and is not a gateway's admin API; check --gateway.");
        }

        if (status == 401 && key?.StartsWith("pgo_", StringComparison.Ordinal) == true)
        {
            return new AdminProblemException(status,
                $"This key is not valid at {gateway}: it has expired, was revoked, or its account is disabled.");
        }

        if (status == 401 && key is not null)
        {
            return new AdminProblemException(status,
                $"The gateway at {gateway} does not accept this admin key: it belongs to another gateway, was "
                + "replaced, or was turned off with \"gateway operator break-glass --disable\". Use an operator's "
                + "key.");
        }

        var errors = problem.Errors ?? [];
        var places = errors.Where(error => IsMore(error, problem)).Select(static error =>
            "\n  " + VisibleText.Of($"{Place(error)}{error.Severity}{At(error)}: {error.Message}"));
        return new AdminProblemException(status, VisibleText.Of(problem.Detail) + string.Concat(places))
        {
            Unknown = problem.Unknown,
            Errors = errors,
        };
    }

    private static ProblemView? Read(JsonNode? body)
    {
        try
        {
            return body is null ? null : ResponseReader.Read(body, ClientJson.Default.ProblemView);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns true if an error adds something to the text of the whole problem.</summary>
    private static bool IsMore(ProblemPlace error, ProblemView problem) =>
        error.Line is not null
        || !problem.Detail.TrimEnd('.').EndsWith(error.Message.TrimEnd('.'), StringComparison.Ordinal);

    private static string At(ProblemPlace error) => error.Pointer.Length > 0 ? $" at {error.Pointer}" : "";

    private static string Place(ProblemPlace error) =>
        error.Line is not { } line ? ""
        : error.File is { } file ? $"{file}:{line}:{error.Column}: " : $"{line}:{error.Column}: ";
}
