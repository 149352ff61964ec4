using System.Globalization;
using System.Text.Json;
using Gateway.Policy.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Answers;

/// <summary>The problems that the admin API returns: each says what happened, why, and what to do next.</summary>
internal static class Problems
{
    public static AdminResponse Of(
        int status,
        string title,
        string detail,
        IReadOnlyList<ProblemPlace>? errors = null,
        UnknownName? unknown = null) =>
        new(
            status,
            JsonSerializer.SerializeToUtf8Bytes(
                new ProblemView { Title = title, Status = status, Detail = detail, Errors = errors, Unknown = unknown },
                AnswerJson.Default.ProblemView),
            "application/problem+json");

    /// <summary>Returns the problem that a requested name does not exist.</summary>
    /// <param name="kind">The kind of object, such as a grant.</param>
    /// <param name="name">The name that does not exist.</param>
    /// <param name="known">The existing names, from which the closest one is suggested.</param>
    public static AdminResponse NotFound(string kind, string name, IEnumerable<string>? known = null)
    {
        var unknown = UnknownName.Of(kind, name, known ?? []);
        return Of(
            StatusCodes.Status404NotFound, "Not found",
            $"{unknown.Sentence} The list shows those that exist.", unknown: unknown);
    }

    public static AdminResponse Invalid(
        string detail, IReadOnlyList<ProblemPlace>? errors = null, UnknownName? unknown = null) =>
        Of(StatusCodes.Status422UnprocessableEntity, "Not valid", detail, errors, unknown);

    /// <summary>Returns the problem that wrong guesses delay further ones, and sets the header for it.</summary>
    /// <param name="http">The request, whose response gets the header <c>Retry-After</c>.</param>
    /// <param name="held">The time until the next check.</param>
    /// <param name="title">The title.</param>
    /// <param name="detail">Returns the detail for the time in whole seconds.</param>
    public static AdminResponse TooMany(HttpContext http, TimeSpan held, string title, Func<string, string> detail)
    {
        var seconds = ((long)Math.Ceiling(held.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers.RetryAfter = seconds;
        return Of(StatusCodes.Status429TooManyRequests, title, detail(seconds));
    }

    /// <summary>Returns the problem with members that are not valid; null if all are.</summary>
    public static AdminResponse? OfMembers(IEnumerable<(string Pointer, string Message)> problems)
    {
        ProblemPlace[] errors = [.. problems.Select(static one => new ProblemPlace("error", one.Pointer, one.Message))];
        return errors.Length > 0 ? Invalid(errors[0].Message, errors) : null;
    }

    public static AdminResponse Unreadable(JsonException error) =>
        Unreadable($"The body cannot be read: {JsonErrors.Describe(error)}.");

    public static AdminResponse Unreadable(string detail) =>
        Of(StatusCodes.Status400BadRequest, "Not readable", detail);

    public static AdminResponse Provisioned(string kind, string name) => Of(
        StatusCodes.Status409Conflict, "Provisioned by the configuration file",
        $"The {kind} \"{name}\" is defined in the configuration file, which overrides this API. Change it there.");

    public static AdminResponse Exists(string kind, string name) => Of(
        StatusCodes.Status409Conflict, "Already exists",
        $"The {kind} \"{name}\" already exists. Choose a different name, or change the existing {kind}.");

    public static AdminResponse InUse(string kind, string name, string users, IEnumerable<string> names) => Of(
        StatusCodes.Status409Conflict, "In use",
        $"The {kind} \"{name}\" is used by the {users} {string.Join(", ", names)}. "
        + $"Change or {(users == "grants" ? "revoke" : "remove")} these first.");

    public static AdminResponse NeedsVersion { get; } = Of(
        StatusCodes.Status428PreconditionRequired, "If-Match is required",
        "Send the ETag of the GET response as If-Match, so that no change is lost; \"*\" overwrites any version.");

    public static AdminResponse Changed { get; } = Of(
        StatusCodes.Status412PreconditionFailed, "Changed concurrently",
        "Somebody else changed this object after you read it, so your request changed nothing. Read the object again, "
            + "then decide again.");

    /// <summary>Returns the problem that somebody else changed the object first, with that change.</summary>
    public static AdminResponse ChangedBy(ChangedView changed)
    {
        var who = changed.By is { } by
            ? $"{by} changed this at {changed.At?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, after you read it"
            : "Somebody else changed this after you read it";
        var view = new ProblemView
        {
            Title = "Changed concurrently",
            Status = StatusCodes.Status412PreconditionFailed,
            Detail = $"{who}, so nothing was changed. Read it again (ETag {changed.ETag}), then decide again.",
            Changed = changed,
        };
        return new AdminResponse(
            view.Status, JsonSerializer.SerializeToUtf8Bytes(view, AnswerJson.Default.ProblemView),
            "application/problem+json");
    }

    public static AdminResponse StoreUnavailable(string why) => Of(
        StatusCodes.Status503ServiceUnavailable, "Control store unavailable",
        $"{why} The change may or may not have been made; GET it before you repeat it.");

    public static AdminResponse AuditUnavailable { get; } = Of(
        StatusCodes.Status503ServiceUnavailable, "Audit log unavailable",
        "The change cannot be recorded, so it was not made. Nothing was changed; the gateway's log has the reason.");
}
