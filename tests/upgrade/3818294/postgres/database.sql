--
-- PostgreSQL database dump
--

\restrict 31uijXw7ys928OPjVfDGtge0BqGIrcKU04hKQFd8xkb6penoe4dn5JM9VsBAqOI

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: gateway; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA gateway;


--
-- Name: change_control_document(text, text, bigint, bytea); Type: FUNCTION; Schema: gateway; Owner: -
--

CREATE FUNCTION gateway.change_control_document(of_kind text, of_name text, expected_version bigint, new_content bytea, OUT is_written boolean, OUT version bigint) RETURNS record
    LANGUAGE plpgsql
    AS $$
DECLARE
    next bigint;
BEGIN
    SELECT r.revision + 1 INTO STRICT next FROM gateway.control_revision r FOR UPDATE;
    SELECT d.version INTO version FROM gateway.control_documents d WHERE d.kind = of_kind AND d.name = of_name;
    version := coalesce(version, 0);
    is_written := version = expected_version;
    IF NOT is_written THEN
        RETURN;
    END IF;
    UPDATE gateway.control_revision SET revision = next;
    IF new_content IS NULL THEN
        DELETE FROM gateway.control_documents d WHERE d.kind = of_kind AND d.name = of_name;
    ELSE
        INSERT INTO gateway.control_documents VALUES (of_kind, of_name, next, new_content)
        ON CONFLICT ON CONSTRAINT control_documents_pkey
            DO UPDATE SET version = excluded.version, content = excluded.content;
    END IF;
    PERFORM pg_notify('gateway_control', 'gateway');
    version := next;
END
$$;


--
-- Name: swap_records(text[], uuid[], bigint[], bigint[], numeric[], uuid[], bytea[], bigint); Type: FUNCTION; Schema: gateway; Owner: -
--

CREATE FUNCTION gateway.swap_records(keys text[], expected uuid[], starts bigint[], ends bigint[], amounts numeric[], nonces uuid[], sliding bytea[], epsilon_ms bigint) RETURNS TABLE(place bigint, is_written boolean, clock_ms bigint, transaction text, seen_start_ms bigint, seen_reserved numeric, seen_nonce uuid, seen_entries bytea)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    w record;
BEGIN
    clock_ms := floor(extract(epoch FROM now()) * 1000)::bigint;
    FOR w IN
        SELECT * FROM unnest(keys, expected, starts, ends, amounts, nonces, sliding)
            WITH ORDINALITY AS a (k, expected, start_ms, end_ms, amount, nonce, entries, n)
        ORDER BY k COLLATE "C"
    LOOP
        UPDATE gateway.reservations r
        SET window_start_ms = w.start_ms, window_end_ms = w.end_ms, reserved = w.amount, nonce = w.nonce,
            entries = w.entries
        WHERE r.counter_key = w.k AND r.nonce = w.expected AND r.window_start_ms <= w.start_ms
            AND w.start_ms <= swap_records.clock_ms + epsilon_ms;
        place := w.n;
        is_written := FOUND;
        transaction := NULL;
        seen_start_ms := NULL;
        seen_reserved := NULL;
        seen_nonce := NULL;
        seen_entries := NULL;
        IF is_written THEN
            transaction := pg_current_xact_id()::text;
        ELSE
            SELECT r.window_start_ms, r.reserved, r.nonce, r.entries
            INTO seen_start_ms, seen_reserved, seen_nonce, seen_entries
            FROM gateway.reservations r WHERE r.counter_key = w.k;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;


--
-- Name: swap_reservations(text[], uuid[], bigint[], bigint[], numeric[], uuid[], bigint); Type: FUNCTION; Schema: gateway; Owner: -
--

CREATE FUNCTION gateway.swap_reservations(keys text[], expected uuid[], starts bigint[], ends bigint[], amounts numeric[], nonces uuid[], epsilon_ms bigint) RETURNS TABLE(place bigint, is_written boolean, clock_ms bigint, transaction text, seen_start_ms bigint, seen_reserved numeric, seen_nonce uuid)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
DECLARE
    w record;
BEGIN
    clock_ms := floor(extract(epoch FROM now()) * 1000)::bigint;
    FOR w IN
        SELECT * FROM unnest(keys, expected, starts, ends, amounts, nonces)
            WITH ORDINALITY AS a (k, expected, start_ms, end_ms, amount, nonce, n)
        ORDER BY k COLLATE "C"
    LOOP
        UPDATE gateway.reservations r
        SET window_start_ms = w.start_ms, window_end_ms = w.end_ms, reserved = w.amount, nonce = w.nonce
        WHERE r.counter_key = w.k AND r.nonce = w.expected AND r.window_start_ms <= w.start_ms
            AND w.start_ms <= swap_reservations.clock_ms + epsilon_ms;
        place := w.n;
        is_written := FOUND;
        transaction := NULL;
        seen_start_ms := NULL;
        seen_reserved := NULL;
        seen_nonce := NULL;
        IF is_written THEN
            transaction := pg_current_xact_id()::text;
        ELSE
            SELECT r.window_start_ms, r.reserved, r.nonce INTO seen_start_ms, seen_reserved, seen_nonce
            FROM gateway.reservations r WHERE r.counter_key = w.k;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: control_documents; Type: TABLE; Schema: gateway; Owner: -
--

CREATE TABLE gateway.control_documents (
    kind text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT control_documents_version_check CHECK ((version > 0))
);


--
-- Name: control_revision; Type: TABLE; Schema: gateway; Owner: -
--

CREATE TABLE gateway.control_revision (
    only_row boolean DEFAULT true NOT NULL,
    revision bigint NOT NULL,
    CONSTRAINT control_revision_only_row_check CHECK (only_row)
);


--
-- Name: reservation_floor; Type: TABLE; Schema: gateway; Owner: -
--

CREATE TABLE gateway.reservation_floor (
    only_row boolean DEFAULT true NOT NULL,
    floor_ms bigint NOT NULL,
    CONSTRAINT reservation_floor_only_row_check CHECK (only_row)
);


--
-- Name: reservations; Type: TABLE; Schema: gateway; Owner: -
--

CREATE TABLE gateway.reservations (
    counter_key text NOT NULL COLLATE pg_catalog."C",
    window_start_ms bigint NOT NULL,
    window_end_ms bigint NOT NULL,
    reserved numeric(28,9) NOT NULL,
    nonce uuid NOT NULL,
    entries bytea,
    CONSTRAINT reservations_check CHECK ((window_end_ms > window_start_ms)),
    CONSTRAINT reservations_reserved_check CHECK ((reserved >= (0)::numeric))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.05');


--
-- Name: schema_version; Type: TABLE; Schema: gateway; Owner: -
--

CREATE TABLE gateway.schema_version (
    only_row boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    CONSTRAINT schema_version_only_row_check CHECK (only_row)
);


--
-- Data for Name: control_documents; Type: TABLE DATA; Schema: gateway; Owner: -
--

INSERT INTO gateway.control_documents VALUES ('protection-keys', 'key-75cb4700-b4ad-4a72-8a31-b587ec9778d6', 1, '\x7b22786d6c223a225c75303033436b65792069643d5c753030323237356362343730302d623461642d346137322d386133312d6235383765633937373864365c75303032322076657273696f6e3d5c7530303232315c75303032325c75303033455c75303033436372656174696f6e446174655c7530303345323032362d31312d32315430373a32363a30352e373639393636335a5c75303033432f6372656174696f6e446174655c75303033455c753030334361637469766174696f6e446174655c7530303345323032362d31312d32315430373a32363a30352e373639393636335a5c75303033432f61637469766174696f6e446174655c75303033455c753030334365787069726174696f6e446174655c7530303345323032372d30322d31395430373a32363a30352e373639393636335a5c75303033432f65787069726174696f6e446174655c75303033455c753030334364657363726970746f7220646573657269616c697a6572547970653d5c75303032324d6963726f736f66742e4173704e6574436f72652e4461746150726f74656374696f6e2e41757468656e74696361746564456e6372797074696f6e2e436f6e66696775726174696f6e4d6f64656c2e41757468656e74696361746564456e63727970746f7244657363726970746f72446573657269616c697a65722c204d6963726f736f66742e4173704e6574436f72652e4461746150726f74656374696f6e2c2056657273696f6e3d31302e302e302e302c2043756c747572653d6e65757472616c2c205075626c69634b6579546f6b656e3d616462393739333832396464616536305c75303032325c75303033455c753030334364657363726970746f725c75303033455c7530303343656e6372797074696f6e20616c676f726974686d3d5c75303032324145535f3235365f4342435c7530303232202f5c75303033455c753030334376616c69646174696f6e20616c676f726974686d3d5c7530303232484d41435348413235365c7530303232202f5c75303033455c75303033436d61737465724b65792070343a7265717569726573456e6372797074696f6e3d5c7530303232747275655c753030323220786d6c6e733a70343d5c7530303232687474703a2f2f736368656d61732e6173702e6e65742f323031352f30332f6461746150726f74656374696f6e5c75303032325c75303033455c7530303343212d2d205761726e696e673a20746865206b65792062656c6f7720697320696e20616e20756e656e6372797074656420666f726d2e202d2d5c75303033455c753030334376616c75655c75303033454e514f414351384842534671346b665a3256324f31696f64676f7657444438314b4c59544c6e623858655048703449515c753030324238504a6334593874654b5941702f56795a6e795167307543727845614c4b625579504850673d3d5c75303033432f76616c75655c75303033455c75303033432f6d61737465724b65795c75303033455c75303033432f64657363726970746f725c75303033455c75303033432f64657363726970746f725c75303033455c75303033432f6b65795c7530303345227d');
INSERT INTO gateway.control_documents VALUES ('servers', 'crm', 2, '\x7b2275726c223a22687474703a2f2f3132372e302e302e313a31383733342f6d6370222c227365616c656448656164657273223a7b22417574686f72697a6174696f6e223a227365616c65643a4366444a384142487933577474484a4b696a4731685c75303032427958654e6138715766785c753030324251677158565748416b4875474e62776576576e5978476d68636b564f75664b50705761343559717056565c75303032426353755c7530303242484b57615c753030324231494c4d4c352f6c5463714875565745636e4b55725178764839484d343050384d614c666873587643593664357166546849505265475a6e5851746a6e48305c7530303242562f7978414e58765945545745444a6c34644f695339424d5a3074227d7d');
INSERT INTO gateway.control_documents VALUES ('policies', 'support', 3, '\x7b0a20202276657273696f6e223a202231222c0a20202264656661756c74223a202264656e79222c0a202022746f6f6c73223a207b0a202020202273656e645f6d657373616765223a207b0a202020202020226c696d697473223a205b0a20202020202020207b2022636f756e746572223a202273656e74222c202277696e646f77223a20226d6f6e7468222c20226d6178223a2035207d2c0a20202020202020207b2022636f756e746572223a202273656e745f6c6174656c79222c202277696e646f77223a2022646179222c20226d6178223a203130302c20226b696e64223a2022736c6964696e6722207d0a2020202020205d0a202020207d2c0a2020202022706179223a207b0a20202020202022616374696f6e223a2022617070726f7665222c0a20202020202022617070726f76616c223a207b202265787069726573223a202231356d222c202277616974223a2022317322207d2c0a202020202020226c696d697473223a205b207b2022636f756e746572223a202270616964222c202277696e646f77223a20226d6f6e7468222c20226d6178223a20223130302e3030222c2022696e6372656d656e745f66726f6d223a2022617267732e616d6f756e7422207d205d0a202020207d0a20207d0a7d0a');
INSERT INTO gateway.control_documents VALUES ('grants', 'support-bot', 4, '\x7b2273657276657273223a7b2263726d223a22737570706f7274227d2c22746f6b656e48617368223a227368613235363a64333364303937333561363737386232316435373639633039393962633166323039313736623464633236623461316335376366346463623031373031303333222c2263726561746564223a22323032362d31312d32315430373a32363a30392e3032342b30303a3030227d');
INSERT INTO gateway.control_documents VALUES ('approvals', 'a98a90289e56ba011040243986e27c6988ab89d8cb3ec1a158e741a63e9bbc4b', 9, '\x7b226964223a223465333835323863633337386463386264343033306665653635333262663631222c227374617465223a226f70656e222c226772616e74223a22737570706f72742d626f74222c22736572766572223a2263726d222c22746f6f6c223a22706179222c2272756c65223a222f746f6f6c732f7061792f616374696f6e222c22726561736f6e223a224120706572736f6e2068617320746f20617070726f766520746869732063616c6c222c22617267756d656e7473223a227b5c7530303232616d6f756e745c75303032323a33302e30307d222c22617267756d656e7473536861323536223a2239376566393964383061653562313461356565643531353761646465333438306433633531666262643263633362383064323665393864396230363362376162222c2261736b65644d73223a313739353234353937333136342c22686f6c6473466f724d73223a3930303030302c22657870697265734d73223a313739353234363837333136347d');
INSERT INTO gateway.control_documents VALUES ('approvals', '2a46d5eb86ac4278f51359b89701915a741febb51816f1d9289a0de5d9e275de', 10, '\x7b226964223a223961666630356139663531653566366266353233363165313136393762666335222c227374617465223a22617070726f766564222c226772616e74223a22737570706f72742d626f74222c22736572766572223a2263726d222c22746f6f6c223a22706179222c2272756c65223a222f746f6f6c732f7061792f616374696f6e222c22726561736f6e223a224120706572736f6e2068617320746f20617070726f766520746869732063616c6c222c22617267756d656e7473223a227b5c7530303232616d6f756e745c75303032323a31302e35307d222c22617267756d656e7473536861323536223a2263663737333235616139386466393136346232666463636135333363333230653839343866336237363438313966383734383166343839316266616630306164222c2261736b65644d73223a313739353234353937313030362c22686f6c6473466f724d73223a3930303030302c22657870697265734d73223a313739353234363837343636372c22616e7377657265644d73223a313739353234353937343636372c22616e7377657265644279223a22616e6e61227d');
INSERT INTO gateway.control_documents VALUES ('approvals', '3e7183bd73bb99f54688389d26fd5c39f38d8569c5e1b5c33ccaf28838d60dbe', 12, '\x7b226964223a226338313638333230336139363161633438623165356265646235646364316262222c227374617465223a2275736564222c226772616e74223a22737570706f72742d626f74222c22736572766572223a2263726d222c22746f6f6c223a22706179222c2272756c65223a222f746f6f6c732f7061792f616374696f6e222c22726561736f6e223a224120706572736f6e2068617320746f20617070726f766520746869732063616c6c222c22617267756d656e7473536861323536223a2263326564366230316162346439643266353539613664616363323162613966623738363533646231633632613731376236613830653139363562643361346132222c2261736b65644d73223a313739353234353937323130342c22686f6c6473466f724d73223a3930303030302c22657870697265734d73223a313739353234363837343931362c22616e7377657265644d73223a313739353234353937343931362c22616e7377657265644279223a22616e6e61222c22757365644d73223a313739353234353937343934392c2263616c6c4964223a223066353737366462353263376365383064653131363137333461363733303265227d');
INSERT INTO gateway.control_documents VALUES ('grants', 'paused-bot', 13, '\x7b2273657276657273223a7b2263726d223a22737570706f7274227d2c22746f6b656e48617368223a227368613235363a66366332376564613333616631633566626536623731636161646465343964373635393432356163383261343839313834393935666466346630356534346137222c22706175736564223a747275652c2263726561746564223a22323032362d31312d32315430373a32363a30392e3736332b30303a3030227d');


--
-- Data for Name: control_revision; Type: TABLE DATA; Schema: gateway; Owner: -
--

INSERT INTO gateway.control_revision VALUES (true, 14);


--
-- Data for Name: reservation_floor; Type: TABLE DATA; Schema: gateway; Owner: -
--

INSERT INTO gateway.reservation_floor VALUES (true, 0);


--
-- Data for Name: reservations; Type: TABLE DATA; Schema: gateway; Owner: -
--

INSERT INTO gateway.reservations VALUES ('support-bot@crm/sent/grant/fixed/month/0', 1793491200000, 1796083200000, 3.000000000, '34075606-346f-ea23-0e3c-ff83defcbc81', NULL);
INSERT INTO gateway.reservations VALUES ('support-bot@crm/sent_lately/grant/sliding/86400s/0', 1795245970948, 1795332384501, 3.000000000, '8410552c-365c-d6c7-1b2a-f284f5c8ef18', '\x01018092ffe79f3480bcc1960b');
INSERT INTO gateway.reservations VALUES ('support-bot@crm/paid/grant/fixed/month/0', 1793491200000, 1796083200000, 20.250000000, 'e2c47b10-c0b6-e4f2-7a5f-d29c09825579', NULL);


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: gateway; Owner: -
--

INSERT INTO gateway.schema_version VALUES (true, 3);


--
-- Name: control_documents control_documents_pkey; Type: CONSTRAINT; Schema: gateway; Owner: -
--

ALTER TABLE ONLY gateway.control_documents
    ADD CONSTRAINT control_documents_pkey PRIMARY KEY (kind, name);


--
-- Name: control_revision control_revision_pkey; Type: CONSTRAINT; Schema: gateway; Owner: -
--

ALTER TABLE ONLY gateway.control_revision
    ADD CONSTRAINT control_revision_pkey PRIMARY KEY (only_row);


--
-- Name: reservation_floor reservation_floor_pkey; Type: CONSTRAINT; Schema: gateway; Owner: -
--

ALTER TABLE ONLY gateway.reservation_floor
    ADD CONSTRAINT reservation_floor_pkey PRIMARY KEY (only_row);


--
-- Name: reservations reservations_pkey; Type: CONSTRAINT; Schema: gateway; Owner: -
--

ALTER TABLE ONLY gateway.reservations
    ADD CONSTRAINT reservations_pkey PRIMARY KEY (counter_key);


--
-- Name: schema_version schema_version_pkey; Type: CONSTRAINT; Schema: gateway; Owner: -
--

ALTER TABLE ONLY gateway.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (only_row);


--
-- PostgreSQL database dump complete
--

\unrestrict 31uijXw7ys928OPjVfDGtge0BqGIrcKU04hKQFd8xkb6penoe4dn5JM9VsBAqOI

