using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Cluster.Settings;

namespace Gateway.Cluster.Certificates;

/// <summary>
/// The identity that new connections inside the fleet use. The files are read again when they change; a set of files
/// that cannot be used is rejected as a whole, and the identity before it stays.
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
        // Hashed before the files are read: a change in between is then found by the next look.
        _lastSeen = Hash(files);
        _current = Load();
    }

    /// <summary>The names by which peers are known.</summary>
    public PeerNames Names { get; }

    /// <summary>The identity that a connection begun now uses.</summary>
    public ClusterIdentity Current => _current;

    /// <summary>The file of the certificate.</summary>
    public string Path => _files.Certificate;

    /// <summary>Reads the files; null where none are given.</summary>
    /// <exception cref="SettingsException">
    /// A file cannot be used, or TLS is needed here and no files are given; the message names the way out.
    /// </exception>
    public static ClusterCertificates? Open(ClusterSettings settings, TimeProvider time)
    {
        if (settings.ClusterTls is not { } files)
        {
            if (settings is { IsReachable: true, IsInsecureAllowed: false })
            {
                throw new SettingsException(
                    $"The address {settings.Address} (POD_IP) is not loopback, and connections between frontends and "
                    + "silos are not authenticated: whoever reaches the ports could read all control documents and "
                    + "make grants. Give --cluster-cert, --cluster-key and --cluster-ca (\"gateway-cluster certs make "
                    + "DIR\" makes them), or accept this with --insecure-cluster.");
            }

            return null;
        }

        return new ClusterCertificates(files, PeerNames.Of(settings.ClusterId), settings.HasSilo, time);
    }

    /// <summary>Takes over the files if they changed since the last call.</summary>
    /// <returns>Null if nothing changed, "" if new connections use the new files, else why they are rejected.</returns>
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

    /// <summary>Why a peer is refused; null if it holds one of these names.</summary>
    public static string? Refusal(X509Certificate2 certificate, X509Chain? chain, params ReadOnlySpan<string> names)
    {
        foreach (var status in chain?.ChainStatus ?? [])
            if (status.Status != X509ChainStatusFlags.NoError) return status.StatusInformation.Trim();
        foreach (var name in names)
            if (ClusterIdentity.IsFor(certificate, name)) return null;
        return $"it does not have the DNS name {string.Join(" or ", names)}";
    }

    private ClusterIdentity Load() => ClusterIdentity.Open(_files, _name, _isServer, _time.GetUtcNow());

    /// <summary>A file that cannot be read counts as empty; opening it then says why.</summary>
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
