namespace Gateway.AuditSinks.Tests;

/// <summary>A test that needs rsyslogd with its TLS driver.</summary>
internal sealed class RsyslogFactAttribute : FactAttribute
{
    public RsyslogFactAttribute() => Skip = Requirements.SkipWithout(
        Rsyslogd.Program is null ? "rsyslogd is not installed (Debian: rsyslog, rsyslog-gnutls)" : null);
}
