using System.Net.Sockets;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Grants;
using Gateway.Proxy.Edge.Issuers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>All listeners of a process with their certificates, checked before any of them opens.</summary>
public sealed class ListenPlan
{
    private const string Section = "Kestrel:Certificates";
    private readonly List<(ListenAddress Address, TlsCertificate? Certificate)> _entries = [];
    private readonly HashSet<ListenAddress> _agents = [];
    private ListenAddress? _registry;
    private ListenAddress? _acquire;
    private ListenAddress? _service;
    private ClientAuthorities? _callers;

    private ListenPlan()
    {
    }

    /// <summary>The certificates in use, each once.</summary>
    public IReadOnlyList<TlsCertificate> Certificates =>
        [.. _entries.Select(static entry => entry.Certificate).OfType<TlsCertificate>().Distinct()];

    /// <summary>
    /// True once every listener is open; until then, the code that starts the process reports errors.
    /// </summary>
    public bool IsStarted { get; set; }

    /// <exception cref="ListenException">An address or a certificate cannot be used.</exception>
    public static ListenPlan Of(ListenSettings settings, IConfiguration configuration)
    {
        var plan = new ListenPlan();
        var common = new Lazy<TlsCertificate?>(() =>
            (settings.Tls ?? Named(configuration, "Default")) is { } files ? TlsCertificate.Open(files) : null);
        foreach (var text in settings.Listen)
        {
            var address = ListenAddress.Parse(text);
            plan._agents.Add(address);
            plan.Add(address, common, "--tls-cert FILE --tls-key FILE");
        }

        if (settings.Service is { } service)
            plan.AddService(service, common);
        if (settings.Registry is { } registry)
            plan.Add(plan._registry = ListenAddress.Parse(registry), common, "--tls-cert FILE --tls-key FILE");
        if (settings.Acquire is { } acquire)
            plan.Add(plan._acquire = ListenAddress.Parse(acquire), common, "--tls-cert FILE --tls-key FILE");

        if (settings.AdminListen is { } admin)
        {
            var own = new Lazy<TlsCertificate?>(() =>
                (settings.AdminTls ?? Named(configuration, "Admin")) is { } files
                    ? TlsCertificate.Open(files)
                    : common.Value);
            plan.Add(ListenAddress.Parse(admin), own, "--admin-tls-cert FILE --admin-tls-key FILE, or --tls-cert");
        }

        plan.RefuseUnused(settings);
        return plan;
    }

    /// <summary>Makes the server listen on every address of the plan.</summary>
    public void Apply(KestrelServerOptions kestrel)
    {
        // Read for each connection, because issuers come and go with the configuration. A server that only waits for
        // its store has none.
        var snapshots = kestrel.ApplicationServices.GetService<SnapshotHolder>();
        foreach (var (address, certificate) in _entries)
        {
            address.Bind(kestrel, listen =>
            {
                if (address == _service)
                {
                    ApplyService(listen, certificate);
                    return;
                }

                Mark(listen, static () => new ConnectionToken());
                if (address == _registry)
                    Mark(listen, static () => RegistryConnection.Instance);
                if (address == _acquire)
                    Mark(listen, static () => AcquireConnection.Instance);

                // Without TLS, a client can only use HTTP/2 with prior knowledge, which no MCP client has.
                listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions
                    {
                        OnConnection = context =>
                        {
                            var offer = certificate.Offer();
                            if (_agents.Contains(address) && snapshots?.Current.Callers.HasCertificates == true)
                                PresentedCertificate.Request(offer, context.Connection);
                            return ValueTask.FromResult(offer);
                        },
                    });
                }
            });
        }
    }

    /// <summary>
    /// Returns the address that kept the server from starting, with the reason; null if another error did.
    /// </summary>
    public ListenException? Explain(Exception e)
    {
        foreach (var (address, _) in _entries)
        {
            if (address.Obstacle() is { } obstacle)
                return address.Wrong(obstacle, e);
        }

        return e is SocketException or IOException ? new ListenException($"cannot listen: {e.Message}", e) : null;
    }

    /// <summary>Sets up HTTP/2 from the first byte, as its callers speak it, and marks every connection.</summary>
    private void ApplyService(ListenOptions listen, TlsCertificate? certificate)
    {
        listen.Protocols = HttpProtocols.Http2;
        Mark(listen, static () => ServiceConnection.Instance);
        if (certificate is null)
            return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ =>
            {
                var offer = certificate.Offer();
                _callers?.Require(offer);
                return ValueTask.FromResult(offer);
            },
        });
    }

    /// <summary>
    /// Adds a feature to every connection: a shared marker for one purpose, or an instance of its own.
    /// </summary>
    private static void Mark<T>(ListenOptions listen, Func<T> feature)
        where T : class => listen.Use(next => connection =>
    {
        connection.Features.Set(feature());
        return next(connection);
    });

    private static TlsFiles? Named(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection($"{Section}:{name}");
        if (!section.Exists())
            return null;
        return section["Path"] is { Length: > 0 } path
            ? new TlsFiles(path, section["KeyPath"], section["Password"])
            : throw new ListenException($"{Section}:{name} has no Path; a certificate needs files: set Path, KeyPath "
                + "for PEM, and Password if the key is encrypted");
    }

    private void Add(ListenAddress address, Lazy<TlsCertificate?> certificate, string options)
    {
        if (!address.IsTls)
            _entries.Add((address, null));
        else if (certificate.Value is { } own)
            _entries.Add((address, own));
        else
            throw address.Wrong($"https:// needs a certificate: {options}");
    }

    /// <summary>
    /// Adds the listener of a service. Any caller that reaches it can use up a limit, so callers from other machines
    /// must authenticate.
    /// </summary>
    private void AddService(ServiceListen service, Lazy<TlsCertificate?> certificate)
    {
        var address = ListenAddress.Parse(service.Address);
        if (service.ClientAuthorities is { } authorities)
        {
            _callers = address.IsTls
                ? ClientAuthorities.Open(authorities)
                : throw address.Wrong($"client certificates require TLS; use {service.Option} https://…");
        }
        else if (!address.IsLoopback && !service.HasToken)
        {
            throw address.Wrong($"other machines can reach it, so {service.Option} needs client certificates "
                + "or a token; see --help");
        }

        Add(address, certificate, "--tls-cert FILE --tls-key FILE");
        _service = address;
    }

    /// <summary>
    /// Refuses an unused certificate: the operator expects encryption, and the address would not use it.
    /// </summary>
    private void RefuseUnused(ListenSettings settings)
    {
        if (settings.Tls is { } tls && _entries.TrueForAll(entry => entry.Certificate?.Path != tls.Certificate))
            throw new ListenException(
                "--tls-cert is set, but no address begins with https://; use --listen https://…");
        if (settings.AdminTls is { } admin && _entries[^1].Certificate?.Path != admin.Certificate)
            throw new ListenException(
                "--admin-tls-cert is set, but --admin-listen does not begin with https://; change its scheme");
    }
}
