using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Acquire.Deciding;
using Gateway.Acquire.Messages;
using Gateway.Acquire.Options;
using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Policy.Json;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Acquire.Serving;

/// <summary>Serves all requests on the listener of services.</summary>
internal sealed partial class AcquireEndpoint(
    AcquireDecider decider, ChargeBook charges, ServiceAuthenticator authenticator,
    AcquireOptions options, AcquireMetrics metrics,
    Readiness readiness, ILogger<AcquireEndpoint> logger)
{
    public const string Acquire = "/v1/acquire";
    public const string Refund = "/v1/refund";
    public const string Release = "/v1/release";
    public const string Description = "/openapi/v1.json";
    private const string Ready = "/readyz";
    private readonly Lazy<byte[]> _description = new(AcquireOpenApi.Write);
    private int _running;

    public Task RunAsync(HttpContext http) => (http.Request.Method, http.Request.Path.Value) switch
    {
        ("GET", Description) => PlainResponse.JsonAsync(http, StatusCodes.Status200OK, _description.Value),
        ("GET", Ready) => readiness.Problem is { } problem
            ? PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable, $"not ready: {problem}")
            : PlainResponse.TextAsync(http, StatusCodes.Status200OK, "ready"),
        ("POST", Acquire) => BoundedAsync(http, AcquireAsync),
        ("POST", Refund) => BoundedAsync(http, RefundAsync),
        ("POST", Release) => BoundedAsync(http, ReleaseAsync),
        (_, Acquire or Refund or Release) => RefuseMethodAsync(http),
        _ => RefuseAsync(http, AcquireProblem.Of(StatusCodes.Status404NotFound, "Not found",
            $"This listener serves POST {Acquire}, POST {Refund}, POST {Release}, GET {Description} and GET {Ready}.")),
    };

    private Task RefuseMethodAsync(HttpContext http)
    {
        http.Response.Headers.Allow = HttpMethods.Post;
        return RefuseAsync(http, AcquireProblem.Of(
            StatusCodes.Status405MethodNotAllowed, "Method not allowed", "Use POST."));
    }

    private async Task BoundedAsync(HttpContext http, Func<HttpContext, Actor, byte[], Task> operation)
    {
        if (Interlocked.Increment(ref _running) > options.RequestsMax)
        {
            Interlocked.Decrement(ref _running);
            await RefuseAsync(http, AcquireProblem.Unavailable(
                $"{options.RequestsMax} requests are already in progress."));
            return;
        }

        try
        {
            await AnswerAsync(http, operation);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(http, AcquireProblem.Of(
                e.StatusCode, "Not readable", $"The body cannot be read: {e.Message}"));
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            LogFailed(e);
            await RefuseAsync(http, AcquireProblem.Of(StatusCodes.Status500InternalServerError, "Failed",
                "The gateway failed to process the request; the gateway's log shows why. Retry with the same id."));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task AnswerAsync(HttpContext http, Func<HttpContext, Actor, byte[], Task> operation)
    {
        var (service, refused) = authenticator.Admit(http);
        if (refused is not null)
        {
            await RefuseAsync(http, refused);
            return;
        }

        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            await RefuseAsync(http, AcquireProblem.Of(StatusCodes.Status415UnsupportedMediaType, "Not JSON",
                "Send the body as Content-Type: application/json."));
            return;
        }

        var body = await BodyReader.ReadAsync(http.Request, options.BodyBytesMax, http.RequestAborted);
        if (body is null)
        {
            await RefuseAsync(http, AcquireProblem.Of(StatusCodes.Status413PayloadTooLarge, "Too large",
                $"The body may have at most {options.BodyBytesMax} bytes."));
            return;
        }

        await operation(http, service!, body);
    }

    /// <summary>Handles a charge. A disconnected caller cancels nothing: the decision is kept for its retry.</summary>
    private async Task AcquireAsync(HttpContext http, Actor service, byte[] body)
    {
        if (!TryParse(body, AcquireJson.Default.AcquireMessage, out var message, out var unreadable))
        {
            await RefuseAsync(http, unreadable!);
            return;
        }

        var decision = await decider.AcquireAsync(service, message!, authenticator.Budgets);
        if (decision.Answer is not { } answer)
        {
            await RefuseAsync(http, decision.Problem!);
            return;
        }

        metrics.Answered(answer);
        await WriteAsync(http, answer, AcquireJson.Default.AcquireAnswer);
    }

    private Task RefundAsync(HttpContext http, Actor service, byte[] body) =>
        ReturnAsync(http, service, body, allowsCosts: true);

    private Task ReleaseAsync(HttpContext http, Actor service, byte[] body) =>
        ReturnAsync(http, service, body, allowsCosts: false);

    private async Task ReturnAsync(HttpContext http, Actor service, byte[] body, bool allowsCosts)
    {
        if (!TryParse(body, AcquireJson.Default.ReturnMessage, out var message, out var unreadable))
        {
            await RefuseAsync(http, unreadable!);
            return;
        }

        if (!allowsCosts && message!.Costs is not null)
        {
            await RefuseAsync(http, AcquireProblem.Invalid(
                $"A release returns the whole charge of a call; omit \"costs\", or use POST {Refund}."));
            return;
        }

        var (answer, problem) = await charges.ReturnAsync(service, message!);
        if (problem is not null)
        {
            await RefuseAsync(http, problem);
            return;
        }

        metrics.Returned();
        await WriteAsync(http, answer!, AcquireJson.Default.ReturnAnswer);
    }

    private static bool TryParse<T>(byte[] body, JsonTypeInfo<T> type, out T? message, out AcquireProblem? problem)
        where T : class
    {
        (message, problem) = (null, null);
        try
        {
            message = JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException e)
        {
            problem = Unreadable($"The body cannot be read: {JsonErrors.Describe(e)}.");
            return false;
        }

        problem = message is null ? Unreadable("The body is null; send an object.") : null;
        return message is not null;
    }

    private static AcquireProblem Unreadable(string detail) => AcquireProblem.Of(
        StatusCodes.Status400BadRequest, "Not readable", $"{detail} GET {Description} describes the format.");

    private Task RefuseAsync(HttpContext http, AcquireProblem problem)
    {
        metrics.Failed();
        if (problem.RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(
            http, problem, AcquireJson.Default.AcquireProblem, problem.Status, "application/problem+json");
    }

    private static async Task WriteAsync<T>(
        HttpContext http, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK,
        string contentType = "application/json")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Error, "A request of a service failed")]
    private partial void LogFailed(Exception exception);
}
