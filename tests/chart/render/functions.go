package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	yamlv2 "gopkg.in/yaml.v2"
	"gopkg.in/yaml.v3"
)

const depthMax = 200

// functions are sprig's without the ones that helm takes out, and helm's own. Random texts and certificates are fixed,
// so that what is rendered can be compared.
func functions(root *template.Template, objects []interface{}) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	depth := 0
	include := func(name string, dot interface{}) (string, error) {
		if depth++; depth > depthMax {
			return "", errors.New("include is nested too deeply: " + name)
		}
		defer func() { depth-- }()
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, dot)
		return out.String(), err
	}
	own := template.FuncMap{
		"include":  include,
		"tpl":      func(text string, dot interface{}) (string, error) { return tpl(root, text, dot) },
		"required": required,
		"fail":     func(message string) (string, error) { return "", errors.New(message) },
		"lookup": func(_, kind, space, name string) map[string]interface{} {
			return lookup(objects, kind, space, name)
		},
		"toYaml":        toYaml,
		"fromYaml":      fromYaml,
		"fromJson":      fromYaml,
		"fromJsonArray": fromJSONArray,
		"toJson":        toJSON,
		"genCA": func(name string, days interface{}) certificate {
			return certificate{"CA " + name, "KEY OF CA " + name}
		},
		"genSignedCert": func(name string, _, names []interface{}, days interface{}, ca certificate) certificate {
			return certificate{fmt.Sprintf("CERT %s %v BY %s", name, names, ca.Cert), "KEY " + name}
		},
		"randAlphaNum":  func(count int) string { return strings.Repeat("R", count) },
	}
	for name, function := range own {
		all[name] = function
	}
	return all
}

// certificate stands for sprig's.
type certificate struct{ Cert, Key string }

// toYaml goes over JSON as helm does, so that numbers and keys read the same.
func toYaml(value interface{}) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	var plain interface{}
	if err := yamlv2.Unmarshal(text, &plain); err != nil {
		return "", err
	}
	text, err = yamlv2.Marshal(plain)
	return strings.TrimSuffix(string(text), "\n"), err
}

func toJSON(value interface{}) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

func fromJSONArray(text string) ([]interface{}, error) {
	var out []interface{}
	err := json.Unmarshal([]byte(text), &out)
	return out, err
}

func tpl(root *template.Template, text string, dot interface{}) (string, error) {
	clone, err := root.Clone()
	if err != nil {
		return "", err
	}
	parsed, err := clone.New("tpl").Parse(text)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = parsed.Execute(&out, dot)
	return out.String(), err
}

func required(message string, value interface{}) (interface{}, error) {
	if value == nil || value == "" {
		return nil, errors.New(message)
	}
	return value, nil
}

func lookup(objects []interface{}, kind, space, name string) map[string]interface{} {
	for _, object := range objects {
		found := object.(map[string]interface{})
		metadata := found["metadata"].(map[string]interface{})
		if found["kind"] == kind && metadata["namespace"] == space && metadata["name"] == name {
			return found
		}
	}
	return map[string]interface{}{}
}

// overlay lays values over others: maps are merged, and null takes a key out.
func overlay(base, over map[string]interface{}) {
	for key, value := range over {
		if value == nil {
			delete(base, key)
			continue
		}
		below, isMap := base[key].(map[string]interface{})
		above, both := value.(map[string]interface{})
		if isMap && both {
			overlay(below, above)
		} else {
			base[key] = value
		}
	}
}

func fromYaml(text string) map[string]interface{} {
	out := map[string]interface{}{}
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		return map[string]interface{}{"Error": err.Error()}
	}
	return out
}

// floats makes every number a float64, as helm's way over JSON does: a template that prints one without `int` would
// write 1e+06.
func floats(value interface{}) interface{} {
	switch typed := value.(type) {
	case int:
		return float64(typed)
	case map[string]interface{}:
		for key, inner := range typed {
			typed[key] = floats(inner)
		}
	case []interface{}:
		for index, inner := range typed {
			typed[index] = floats(inner)
		}
	}
	return value
}

func readMap(file string) (map[string]interface{}, error) {
	out := map[string]interface{}{}
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, &out)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return floats(out).(map[string]interface{}), nil
}

func readList(file string) ([]interface{}, error) {
	var out []interface{}
	text, err := os.ReadFile(file)
	if err == nil {
		err = yaml.Unmarshal(text, &out)
	}
	return out, err
}

// files stands for `.Files`: the chart's files outside of its templates.
type files struct{ chart string }

func (f files) Get(name string) string {
	text, _ := os.ReadFile(filepath.Join(f.chart, filepath.FromSlash(path.Clean("/"+name))))
	return string(text)
}

func (f files) Glob(pattern string) map[string]string {
	found := map[string]string{}
	matches, _ := filepath.Glob(filepath.Join(f.chart, filepath.FromSlash(pattern)))
	for _, match := range matches {
		name, _ := filepath.Rel(f.chart, match)
		found[filepath.ToSlash(name)] = f.Get(filepath.ToSlash(name))
	}
	return found
}
