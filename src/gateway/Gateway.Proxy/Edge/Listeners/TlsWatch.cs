using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// A background service that checks each second if the files of a certificate have changed. New connections then get
/// the new certificate, and existing connections stay open. An unusable pair is reported once, and the previous pair
/// stays active.
/// </summary>
public sealed partial class TlsWatch(ListenPlan plan, TimeProvider time, ILogger<TlsWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (plan.Certificates.Count == 0)
            return;
        var reminded = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                foreach (var certificate in plan.Certificates)
                    Look(certificate);
                if (time.GetUtcNow() - reminded < Reminder)
                    continue;
                reminded = time.GetUtcNow();
                foreach (var certificate in plan.Certificates)
                    Remind(certificate, reminded);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process is shutting down.
        }
    }

    private void Look(TlsCertificate certificate)
    {
        switch (certificate.Refresh())
        {
            case null:
                return;
            case "":
                LogTaken(certificate.Path, certificate.Subject, certificate.NotAfter);
                Remind(certificate, time.GetUtcNow());
                return;
            case var problem:
                LogKept(certificate.Path, problem);
                return;
        }
    }

    private void Remind(TlsCertificate certificate, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
            LogEarly(certificate.Path, certificate.NotBefore);
        if (now > certificate.NotAfter - Soon)
            LogExpiring(certificate.Path, certificate.NotAfter);
    }

    [LoggerMessage(1, LogLevel.Information,
        "The TLS certificate {Path} ({Subject}, until {NotAfter:u}) now applies to new connections")]
    private partial void LogTaken(string path, string subject, DateTimeOffset notAfter);

    [LoggerMessage(2, LogLevel.Error, "The TLS certificate {Path} cannot be used, so the previous certificate stays "
        + "in use: {Problem}")]
    private partial void LogKept(string path, string problem);

    [LoggerMessage(3, LogLevel.Warning, "The TLS certificate {Path} expires at {NotAfter:u}; replace the certificate "
        + "files")]
    private partial void LogExpiring(string path, DateTimeOffset notAfter);

    [LoggerMessage(4, LogLevel.Warning, "The TLS certificate {Path} is not valid before {NotBefore:u}")]
    private partial void LogEarly(string path, DateTimeOffset notBefore);
}
