namespace Gateway.LoadTests.Comparing;

/// <summary>The configurations of the other proxies, and of the server behind all of them.</summary>
internal static class ProxyConfigs
{
    /// <summary>The length of the server's response body, in bytes.</summary>
    public const int AnswerBytes = 201;

    /// <summary>Returns the configuration of an nginx that responds to every call itself.</summary>
    public static string Server(string folder, int port) => Nginx(folder, "server", $$"""
          server {
            listen 127.0.0.1:{{port}};
            location / { default_type application/json; return 200 '{{Answer()}}'; }
          }
        """);

    /// <summary>
    /// Returns the configuration of an nginx with keep-alive connections to the server and a limit by token that never
    /// binds.
    /// </summary>
    public static string NginxProxy(string folder, int port, int serverPort) => Nginx(folder, "proxy", $$"""
          limit_req_zone $http_authorization zone=grants:1m rate=1000000r/s;
          upstream mcp { server 127.0.0.1:{{serverPort}}; keepalive 256; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:{{port}};
            location / {
              limit_req zone=grants burst=1000000 nodelay;
              proxy_pass http://mcp;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        """);

    /// <summary>
    /// Returns the configuration of a haproxy with a request rate by token in a stick table, and a limit that never
    /// binds.
    /// </summary>
    public static string Haproxy(int port, int serverPort) => $"""
        global
          nbthread 1
          maxconn 4096
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
          http-reuse always
        frontend agents
          bind 127.0.0.1:{port}
          stick-table type string len 64 size 100k expire 60s store http_req_rate(60s)
          http-request track-sc0 req.hdr(authorization)
          http-request deny deny_status 429 if {"{"} sc_http_req_rate(0) gt 1000000000 {"}"}
          default_backend mcp
        backend mcp
          server one 127.0.0.1:{serverPort} pool-max-conn 256

        """;

    /// <summary>Returns a configuration for one process without a master, so that its CPU time is one figure.</summary>
    /// <param name="folder">The folder for its files.</param>
    /// <param name="name">The prefix of their names.</param>
    /// <param name="http">The content of its <c>http</c> block.</param>
    /// <param name="modules">The directives before everything else, which load modules.</param>
    internal static string Nginx(string folder, string name, string http, string modules = "") => $$"""
        {{modules}}
        daemon off;
        master_process off;
        pid {{folder}}/{{name}}.pid;
        error_log {{folder}}/{{name}}.log crit;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          keepalive_timeout 1h;
          client_body_temp_path {{folder}}/{{name}}-body;
          proxy_temp_path {{folder}}/{{name}}-proxy;
          fastcgi_temp_path {{folder}}/{{name}}-fastcgi;
          uwsgi_temp_path {{folder}}/{{name}}-uwsgi;
          scgi_temp_path {{folder}}/{{name}}-scgi;
        {{http}}
        }

        """;

    private static string Answer()
    {
        const string Head = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":""";
        const string Tail = "\"}]}}";
        return Head + "\"" + new string('x', AnswerBytes - Head.Length - 1 - Tail.Length) + Tail;
    }
}
