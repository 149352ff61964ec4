using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// The identity for new connections inside the fleet. The files are read again when they change; a set of files with
/// any problem is rejected as a whole, and the previous identity stays.
/// </summary>
internal sealed class ClusterCertificates
{
    private readonly ClusterTlsFiles _files;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly bool _isServer;
    private volatile ClusterIdentity _current;
    private byte[] _lastSeen;

    private ClusterCertificates(ClusterTlsFiles files, PeerNames names, bool isServer, TimeProvider time)
    {
        (_files, Names, _isServer, _time) = (files, names, isServer, time);
        _name = isServer ? names.Silo : names.Frontend;
        // Hash before reading the files, so that the next check finds a change in between.
        _lastSeen = Hash(files);
        _current = Load();
    }

    /// <summary>The names that identify peers.</summary>
    public PeerNames Names { get; }

    /// <summary>The identity for a connection that begins now.</summary>
    public ClusterIdentity Current => _current;

    /// <summary>The path of the certificate's file.</summary>
    public string Path => _files.Certificate;

    /// <summary>Reads the files; returns null if none are configured.</summary>
    /// <exception cref="SettingsException">
    /// A file cannot be used, or TLS is required here and no files are configured. The message describes the remedy.
    /// </exception>
    public static ClusterCertificates? Open(ClusterSettings settings, TimeProvider time)
    {
        if (settings.ClusterTls is not { } files)
        {
            if (settings is { IsReachable: true, IsInsecureAllowed: false })
            {
                throw new SettingsException(
                    $"The address {settings.Address} (POD_IP) is not loopback, and connections between frontends and "
                    + "silos are not authenticated: anyone who reaches the ports could read all control documents and "
                    + "create grants. Use --cluster-cert, --cluster-key and --cluster-ca (\"gateway-cluster certs make "
                    + "DIR\" creates them), or accept this with --insecure-cluster.");
            }

            return null;
        }

        return new ClusterCertificates(files, PeerNames.Of(settings.ClusterId), settings.HasSilo, time);
    }

    /// <summary>Loads the files if they changed since the last call.</summary>
    /// <returns>
    /// Null if nothing changed, "" if new connections use the new files, otherwise the reason why they are rejected.
    /// </returns>
    public string? Refresh()
    {
        var seen = Hash(_files);
        if (seen.AsSpan().SequenceEqual(_lastSeen)) return null;
        _lastSeen = seen;
        try
        {
            _current = Load();
            return "";
        }
        catch (SettingsException e)
        {
            return e.Message;
        }
    }

    /// <summary>Returns the reason for refusing a peer; null if its certificate has one of these names.</summary>
    public static string? Refusal(X509Certificate2 certificate, X509Chain? chain, params ReadOnlySpan<string> names)
    {
        foreach (var status in chain?.ChainStatus ?? [])
            if (status.Status != X509ChainStatusFlags.NoError) return status.StatusInformation.Trim();
        foreach (var name in names)
            if (ClusterIdentity.IsFor(certificate, name)) return null;
        return $"it does not have the DNS name {string.Join(" or ", names)}";
    }

    private ClusterIdentity Load() => ClusterIdentity.Open(_files, _name, _isServer, _time.GetUtcNow());

    /// <summary>Hashes the files. An unreadable file counts as empty; loading it then reports the reason.</summary>
    private static byte[] Hash(ClusterTlsFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in (string?[])[files.Certificate, files.Key, files.Authorities])
        {
            var content = Read(path);
            hash.AppendData(BitConverter.GetBytes(content.Length));
            hash.AppendData(content);
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Read(string? path)
    {
        try
        {
            return path is null ? [] : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
