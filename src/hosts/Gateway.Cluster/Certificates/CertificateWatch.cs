namespace Gateway.Cluster.Certificates;

/// <summary>
/// Checks every second for changed certificate files, and warns once a day about a certificate that expires soon.
/// Kubernetes replaces the files of a Secret through a symbolic link, so contents are compared, not times.
/// </summary>
internal sealed partial class CertificateWatch(
    ClusterCertificates certificates, TimeProvider time, ILogger<CertificateWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var remindAt = time.GetUtcNow();
        using var timer = new PeriodicTimer(Interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (certificates.Refresh() is { } problem) Report(problem);
            if (time.GetUtcNow() >= remindAt)
            {
                remindAt = time.GetUtcNow() + ReminderInterval;
                var notAfter = certificates.Current.Certificate.NotAfter.ToUniversalTime();
                if (time.GetUtcNow() > notAfter - Soon) LogExpires(certificates.Path, notAfter);
            }

            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The process is stopping.
            }
        }
    }

    private void Report(string problem)
    {
        if (problem.Length > 0) LogRejected(problem);
        else LogTaken(certificates.Path, certificates.Current.Certificate.NotAfter.ToUniversalTime());
    }

    [LoggerMessage(1, LogLevel.Information,
        "New connections inside the fleet use the new certificate {Path}, valid until {NotAfter:s}Z.")]
    private partial void LogTaken(string path, DateTime notAfter);

    [LoggerMessage(2, LogLevel.Error,
        "The changed certificate files cannot be used, so the previous certificate stays in use: {Problem}")]
    private partial void LogRejected(string problem);

    [LoggerMessage(3, LogLevel.Warning,
        "The certificate {Path} expires at {NotAfter:s}Z; after that this process cannot connect to the fleet. "
        + "Replace the certificate files.")]
    private partial void LogExpires(string path, DateTime notAfter);
}
