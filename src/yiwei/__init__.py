"""Yiwei (易维): the working platform of a home-furnishing dealer."""
