using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.EnvoyRls.Deciding;
using Gateway.EnvoyRls.Grpc;
using Gateway.EnvoyRls.Options;
using Gateway.EnvoyRls.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.EnvoyRls.Serving;

/// <summary>Serves all requests on the service's own listener: its single method, and health checks.</summary>
internal sealed partial class RlsEndpoint(
    RlsDecider decider, RuleWatcher rules, RlsSettings settings, RlsMetrics metrics, Readiness readiness,
    SnapshotUpdater control, ILogger<RlsEndpoint> logger)
{
    private const string Service = "envoy.service.ratelimit.v3.RateLimitService";
    private const string Decide = $"/{Service}/ShouldRateLimit";
    private const string Check = "/grpc.health.v1.Health/Check";

    /// <summary>Name of the reference server in health checks.</summary>
    private const string ReferenceService = "ratelimit";

    private int _running;

    public async Task RunAsync(HttpContext http)
    {
        if (http.Request.Method != HttpMethods.Post || !IsGrpc(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var result = await AnswerAsync(http);
        metrics.Answered(result.Problem?.Status ?? GrpcStatus.Ok);
        if (http.RequestAborted.IsCancellationRequested)
            return;
        if (result.Problem is { } problem)
            await GrpcBody.RefuseAsync(http, problem);
        else
            await GrpcBody.WriteAsync(http, result.Message!);
    }

    private static bool IsGrpc(string? contentType) =>
        contentType is "application/grpc" or "application/grpc+proto"
        || contentType?.StartsWith("application/grpc;", StringComparison.Ordinal) == true;

    private async Task<GrpcResult> AnswerAsync(HttpContext http)
    {
        if (!GrpcTimeout.TryRead(http.Request.Headers["grpc-timeout"], out var timeout))
            return GrpcProblem.Invalid("grpc-timeout is not a valid timeout");
        if (timeout <= TimeSpan.Zero)
            return Late();
        if (Interlocked.Increment(ref _running) > settings.Options.RequestsMax)
        {
            Interlocked.Decrement(ref _running);
            return new GrpcProblem(
                GrpcStatus.ResourceExhausted, $"{settings.Options.RequestsMax} requests are already in progress");
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        ends.CancelAfter(timeout < settings.Options.RequestTimeMax ? timeout.Value : settings.Options.RequestTimeMax);
        try
        {
            return http.Request.Path.Value switch
            {
                Decide => await DecideAsync(http, ends.Token),
                Check => await CheckAsync(http, ends.Token),
                _ => new GrpcProblem(GrpcStatus.Unimplemented, $"this service supports only {Decide} and {Check}"),
            };
        }
        catch (OperationCanceledException)
        {
            return http.RequestAborted.IsCancellationRequested
                ? new GrpcProblem(GrpcStatus.Cancelled, "the caller has disconnected")
                : Late();
        }
        catch (IOException)
        {
            return new GrpcProblem(GrpcStatus.Cancelled, "the caller has disconnected");
        }
        catch (Exception e)
        {
            LogFailed(e);
            return new GrpcProblem(GrpcStatus.Internal, "the request could not be decided; the gateway's log shows "
                + "why");
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task<GrpcResult> DecideAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (rules.Tokens?.Knows(http.Request.Headers.Authorization) == false)
        {
            return new GrpcProblem(
                GrpcStatus.Unauthenticated, "send \"authorization: Bearer TOKEN\" with a known token");
        }

        var (request, problem) = await GrpcBody.ReadAsync(
            http, RateLimitRequest.Parser, settings.Options.MessageBytesMax, cancellationToken);
        return problem is null ? await decider.DecideAsync(
            request!, rules.Rules, control.State.Objects.Budgets, cancellationToken) : problem;
    }

    /// <summary>
    /// Responds to a health check. It requires no token: a health checker usually has none, and learns only that the
    /// service exists.
    /// </summary>
    private async Task<GrpcResult> CheckAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var (request, problem) = await GrpcBody.ReadAsync(
            http, HealthCheckRequest.Parser, settings.Options.MessageBytesMax, cancellationToken);
        if (problem is not null)
            return problem;
        if (request!.Service is not ("" or Service or ReferenceService))
            return new GrpcProblem(GrpcStatus.NotFound, "there is no such service");
        return GrpcResult.Of(new HealthCheckResponse
        {
            Status = readiness.IsDraining || readiness.EngineFault is not null
                ? HealthCheckResponse.Types.ServingStatus.NotServing
                : HealthCheckResponse.Types.ServingStatus.Serving,
        });
    }

    private static GrpcProblem Late() => new(GrpcStatus.DeadlineExceeded, "the request could not be decided in time");

    [LoggerMessage(1, LogLevel.Error, "A request to the rate limit service failed")]
    private partial void LogFailed(Exception exception);
}
